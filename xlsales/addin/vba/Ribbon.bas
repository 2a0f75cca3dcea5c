Attribute VB_Name = "Ribbon"
Option Explicit

' Callbacks of the tab in customUI14.xml.

Public Sub OnNewPlan(Control As IRibbonControl)
    NewPlan
End Sub

Public Sub OnSplitTarget(Control As IRibbonControl)
    SplitTarget
End Sub

Public Sub OnRefreshProgress(Control As IRibbonControl)
    RefreshProgress
End Sub

Public Sub OnCheckPlan(Control As IRibbonControl)
    CheckPlan
End Sub

Public Sub OnUndoLast(Control As IRibbonControl)
    UndoLast
End Sub

Public Sub OnHandOut(Control As IRibbonControl)
    HandOut
End Sub

Public Sub OnCollectStores(Control As IRibbonControl)
    CollectStores
End Sub

Public Sub OnShowHelp(Control As IRibbonControl)
    ShowHelp
End Sub

Public Sub OnRestartPython(Control As IRibbonControl)
    RestartPython
End Sub
