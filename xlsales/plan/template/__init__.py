"""The workbooks people get: the plan template, built from the contract, and a worked example."""
