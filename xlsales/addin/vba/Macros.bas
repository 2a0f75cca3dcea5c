Attribute VB_Name = "Macros"
Option Explicit

' The verbs without arguments: for the ribbon, for buttons on sheets (Application.Run "'xlsales.xlam'!...") and keys.

{verbs}' Excel calls this some time after a run (Application.OnTime).
Public Sub ClearStatusBar()
    ClearLastLine
End Sub

Public Sub RestartPython()
    On Error GoTo Failed
    StopPython
    MsgBox Sentence("restarted"), vbInformation, "xlsales"
    Exit Sub
Failed:
    MsgBox FailureText(Err.Number, Err.Description, "restart_failed"), vbCritical, "xlsales"
End Sub
