Attribute VB_Name = "Links"
Option Explicit
Option Private Module

' A formula names the add-in of its function by the path that it has on the author's computer, so the workbook of a
' colleague looks for it in the colleague's folder: #NAME?, and a question about links. Each such link is led to the
' add-in that is open here. A workbook that refuses (a protected sheet) is left as it is, and the log says so. The
' change is none of the person's: it makes no question when the workbook is closed.
Public Sub OwnLinks(ByVal Book As Workbook)
    Dim Found As Variant
    Dim Index As Long
    Dim Untouched As Boolean
    On Error Resume Next
    Found = Book.LinkSources(xlExcelLinks)
    If Not IsArray(Found) Then Exit Sub
    Untouched = Book.Saved
    For Index = LBound(Found) To UBound(Found)
        If IsStrayed(CStr(Found(Index))) Then
            Err.Clear
            Book.ChangeLink Name:=CStr(Found(Index)), NewName:=ThisWorkbook.FullName, Type:=xlExcelLinks
            If Err.Number <> 0 Then WriteLog "links", Book.Name & ": " & Err.Description
        End If
    Next
    If Untouched Then Book.Saved = True
End Sub

' Whether a link means this add-in in another place; separators are those of Windows or of an address.
Private Function IsStrayed(ByVal Link As String) As Boolean
    Dim Path As String
    Path = "\" & Replace(LCase(Link), "/", "\")
    IsStrayed = Right(Path, Len(ThisWorkbook.Name) + 1) = "\" & LCase(ThisWorkbook.Name)
    If LCase(Link) = LCase(ThisWorkbook.FullName) Then IsStrayed = False
End Function
