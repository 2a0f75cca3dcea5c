Attribute VB_Name = "Macros"
Option Explicit

' The verbs without arguments: for the ribbon, for buttons on sheets (Application.Run "'xlsales.xlam'!...") and keys.

Public Sub NewPlan()
    RunMacro "new_plan", False
End Sub

Public Sub SplitTarget()
    RunMacro "split_target", True
End Sub

Public Sub RefreshProgress()
    RunMacro "refresh_progress", True
End Sub

Public Sub CheckPlan()
    RunMacro "check_plan", True
End Sub

Public Sub UndoLast()
    RunMacro "undo_last", True
End Sub

Public Sub HandOut()
    RunMacro "hand_out", True
End Sub

Public Sub CollectStores()
    RunMacro "collect", True
End Sub

Public Sub ShowHelp()
    RunMacro "show_help", False
End Sub

' Excel calls this some time after a run (Application.OnTime).
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
