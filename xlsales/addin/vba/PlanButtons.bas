Attribute VB_Name = "PlanButtons"
Option Explicit

' The buttons on the settings sheet. The work is done by the add-in; where it is not loaded, one message says what
' to do instead.

{verbs}' Only an add-in that is loaded already is asked: Excel would look for a closed one in the current folder.
Private Sub AskAddin(ByVal Macro As String)
    Dim Addin As Workbook
    On Error GoTo Missing
    Set Addin = Workbooks("xlsales.xlam")
    Application.Run "'" & Addin.Name & "'!" & Macro
    Exit Sub
Missing:
    MsgBox Replace({no_addin}, "{0}", ThisWorkbook.Name), vbExclamation, "xlsales"
End Sub
