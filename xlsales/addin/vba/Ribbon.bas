Attribute VB_Name = "Ribbon"
Option Explicit

' Callbacks of the tab in customUI14.xml.

{verbs}Public Sub OnRestartPython(Control As IRibbonControl)
    RestartPython
End Sub
