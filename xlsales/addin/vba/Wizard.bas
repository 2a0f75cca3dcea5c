Attribute VB_Name = "Wizard"
Option Explicit
Option Private Module

' Help texts of the function wizard, from the hidden sheets help_zh and help_en:
' function | category | what it gives | one column for each argument.

' Gives the functions their texts. Excel refuses MacroOptions for a hidden workbook, and an add-in is hidden; then it
' shows itself for a moment, with the screen held still and events off, and the workbook in front comes back to the
' front. A wizard without texts is no reason to stop Excel, so this never fails. What it changes lasts as long as Excel
' runs: the file is never saved.
Public Sub DescribeFunctions()
    Dim Updating As Boolean
    Dim Events As Boolean
    Dim Front As Workbook
    On Error Resume Next
    If Not Described() Then
        Updating = Application.ScreenUpdating
        Events = Application.EnableEvents
        Set Front = ActiveWorkbook
        Application.ScreenUpdating = False
        Application.EnableEvents = False
        ThisWorkbook.IsAddin = False
        If Not Described() Then WriteLog "wizard", "the function wizard got no help texts"
        ThisWorkbook.IsAddin = True
        If Not Front Is Nothing Then Front.Activate
        Application.EnableEvents = Events
        Application.ScreenUpdating = Updating
    End If
    ThisWorkbook.Saved = True
End Sub

Private Function Described() As Boolean
    Dim Sheet As Worksheet
    Dim Row As Long
    On Error GoTo Failed
    Set Sheet = ThisWorkbook.Worksheets("help_" & Language())
    Row = 2
    Do While Sheet.Cells(Row, 1).Value <> ""
        Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & Sheet.Cells(Row, 1).Value, _
            Description:=Sheet.Cells(Row, 3).Value, Category:=Sheet.Cells(Row, 2).Value, _
            ArgumentDescriptions:=Arguments(Sheet, Row)
        Row = Row + 1
    Loop
    Described = True
    Exit Function
Failed:
    Described = False
End Function

Private Function Arguments(ByVal Sheet As Worksheet, ByVal Row As Long) As Variant
    Dim Texts() As String
    Dim Count As Long
    Do While Sheet.Cells(Row, 4 + Count).Value <> ""
        ReDim Preserve Texts(0 To Count)
        Texts(Count) = Sheet.Cells(Row, 4 + Count).Value
        Count = Count + 1
    Loop
    Arguments = Texts
End Function
