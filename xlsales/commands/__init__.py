"""The verbs: each a file with a short story of read → core → write, the same for every host.

A verb either returns an `Outcome`, or raises `Fault` or `Refused` and has
written nothing.
"""
