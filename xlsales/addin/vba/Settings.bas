Attribute VB_Name = "Settings"
Option Explicit
Option Private Module

' What the add-in knows without asking a workbook: the settings that `xlsales addin install` wrote into the user's
' profile (HKCU\Software\VB and VBA Program Settings\xlsales\addin), and the sentences in its own hidden sheets.
' Nothing here reads the active workbook, its folder or an environment variable that could name another Python.

Public Function Setting(ByVal Key As String) As String
    Setting = GetSetting("xlsales", "addin", Key, "")
End Function

Public Function Language() As String
    Language = "zh"
    If Setting("lang") = "en" Then Language = "en"
End Function

' The sentence named Key in the user's language; {0} stands for Detail.
Public Function Sentence(ByVal Key As String, Optional ByVal Detail As String = "") As String
    Dim Sheet As Worksheet
    Dim Row As Long
    Set Sheet = ThisWorkbook.Worksheets("sentences")
    Row = 2
    Do While Sheet.Cells(Row, 1).Value <> ""
        If Sheet.Cells(Row, 1).Value = Key Then
            If Language() = "en" Then
                Sentence = Sheet.Cells(Row, 3).Value
            Else
                Sentence = Sheet.Cells(Row, 2).Value
            End If
            Sentence = Replace(Sentence, "{0}", Detail)
            Exit Function
        End If
        Row = Row + 1
    Loop
    Sentence = Key & " " & Detail
End Function

' Notes how many seconds the add-in took when Excel opened it, in milliseconds, for `xlsales addin doctor`. At midnight
' the timer starts anew; without an installation there is no place for the note. No note may stop Excel.
Public Sub NoteStart(ByVal Seconds As Double)
    On Error Resume Next
    If Seconds >= 0 And Setting("python") <> "" Then SaveSetting "xlsales", "addin", "open_ms", CStr(CLng(Seconds * 1000))
End Sub

' Notes that Python answered, so that the doctor knows which failures in the log are over.
Public Sub NoteConnected()
    On Error Resume Next
    SaveSetting "xlsales", "addin", "connected", Format(Now, "yyyy-mm-dd hh:nn:ss")
End Sub

Public Function LogFile() As String
    LogFile = Environ("LOCALAPPDATA") & "\xlsales\addin.log"
End Function

' Adds a line to the log file. A log that cannot be written must not hide what went wrong, so this never fails.
Public Sub WriteLog(ByVal What As String, ByVal Detail As String)
    Dim Files As Object
    Dim Stream As Object
    On Error Resume Next
    Set Files = CreateObject("Scripting.FileSystemObject")
    If Not Files.FolderExists(Files.GetParentFolderName(LogFile())) Then
        Files.CreateFolder Files.GetParentFolderName(LogFile())
    End If
    Set Stream = Files.OpenTextFile(LogFile(), 8, True, -1)
    Stream.WriteLine Format(Now, "yyyy-mm-dd hh:nn:ss") & " " & What & ": " & Detail
    Stream.Close
    On Error GoTo 0
End Sub
