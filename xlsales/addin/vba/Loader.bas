Attribute VB_Name = "Loader"
Option Explicit
Option Private Module

' Starts the Python COM server of xlwings and hands calls to it. Windows only.
'
' Derived from xlwings_custom_addin.bas of xlwings 0.37.8, which is distributed under a BSD 3-clause license.
' Copyright (C) 2014-present, Zoomer Analytics LLC. All rights reserved.
'
' Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
' following conditions are met:
'
' * Redistributions of source code must retain the above copyright notice, this list of conditions and the following
'   disclaimer.
' * Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
'   disclaimer in the documentation and/or other materials provided with the distribution.
' * Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote
'   products derived from this software without specific prior written permission.
'
' THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
' INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
' DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
' SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
' SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
' WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
' OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
'
' What differs: the interpreter comes from the user's profile only; no folder of a workbook and no environment variable
' reaches sys.path (-I, or -E -P where the package lives in the user's own site-packages); python.exe is started
' directly, so that no command processor is searched for and a Python that stops at once is noticed at once.

#If Win64 Then
    Private Const DllName As String = "xlwings64-{xlwings}.dll"
    Private Declare PtrSafe Function ActivateServer Lib "xlwings64-{xlwings}.dll" Alias "XLPyDLLActivateAuto" (ByRef Result As Variant, ByVal Command As String, ByVal Mode As Long) As Long
    Private Declare PtrSafe Function LoadLibrary Lib "kernel32" Alias "LoadLibraryA" (ByVal FileName As String) As LongPtr
    Private Declare PtrSafe Function SetMessageFilter Lib "ole32" Alias "CoRegisterMessageFilter" (ByVal NewFilter As LongPtr, ByRef OldFilter As LongPtr) As Long
#Else
    Private Const DllName As String = "xlwings32-{xlwings}.dll"
    Private Declare PtrSafe Function ActivateServer Lib "xlwings32-{xlwings}.dll" Alias "XLPyDLLActivateAuto" (ByRef Result As Variant, ByVal Command As String, ByVal Mode As Long) As Long
    Private Declare PtrSafe Function LoadLibrary Lib "kernel32" Alias "LoadLibraryA" (ByVal FileName As String) As LongPtr
    Private Declare PtrSafe Function SetMessageFilter Lib "ole32" Alias "CoRegisterMessageFilter" (ByVal NewFilter As LongPtr, ByRef OldFilter As LongPtr) As Long
#End If

Private Const StartServer As Long = 1
Private Const StopServer As Long = -1
Public Const NotInstalled As Long = vbObjectError + 1001
Public Const DllMissing As Long = vbObjectError + 1002
Public Const NotStarted As Long = vbObjectError + 1003
Public Const NeverConnected As Long = vbObjectError + 1004
Private Const RetrySeconds As Long = 5
Private Const PatientSeconds As Long = 20
Private Const ShownSeconds As Long = 30

Private DllLoaded As Boolean
Private FailedAt As Date
Private LastFailure As String
Private Stuck As Boolean
Private Connected As Boolean
Private Running As Boolean
Private KeptFilter As LongPtr
Private Alerts As Boolean
Private Events As Boolean
Private LastLine As String

' The Python COM server; starts it where it does not run yet. A Python that stops at once is tried again after
' RetrySeconds: a sheet full of functions must not wait for as many failing starts. One that starts and never answers
' holds Excel for the two minutes that the DLL waits; it is not tried again before somebody presses Restart Python.
Public Function Server() As Object
    Dim Found As Variant
    Dim Refused As Boolean
    Dim Started As Date
    LoadDll
    Refused = Stuck
    If LastFailure <> "" And Not Refused Then Refused = DateDiff("s", FailedAt, Now) < RetrySeconds
    If Not Refused Then
        Started = Now
        If ActivateServer(Found, ServerCommand(), StartServer) = 0 Then
            LastFailure = ""
            If Not Connected Then NoteConnected
            Connected = True
            Set Server = Found
            Exit Function
        End If
        LastFailure = CStr(Found)
        Connected = False
        FailedAt = Now
        Stuck = DateDiff("s", Started, FailedAt) >= PatientSeconds
        WriteLog "start", LastFailure
    End If
    If Stuck Then Err.Raise NeverConnected, "xlsales", LastFailure
    Err.Raise NotStarted, "xlsales", LastFailure
End Function

' Ends the Python process; the next call starts a fresh one.
Public Sub StopPython()
    Dim Unused As Variant
    LoadDll
    LastFailure = ""
    Stuck = False
    If ActivateServer(Unused, ServerCommand(), StopServer) <> 0 Then
        Err.Raise NotStarted, "xlsales", CStr(Unused)
    End If
End Sub

' The command line of the server. $(CLSID) is filled in by the DLL.
Public Function ServerCommand() As String
    Dim Switches As String
    Switches = "-I"
    If Setting("user_site") = "1" Then Switches = "-E -P"
    ServerCommand = """" & Setting("python") & """ " & Switches & " -B -c ""import xlsales.hosts.excel.server as s; " & _
        "s.serve('$(CLSID)', '" & Language() & "')"""
End Function

Private Sub LoadDll()
    If DllLoaded Then Exit Sub
    If Setting("python") = "" Or Setting("dll_folder") = "" Then
        Err.Raise NotInstalled, "xlsales", "no settings in the user's profile"
    End If
    If LoadLibrary(Setting("dll_folder") & "\" & DllName) = 0 Then
        Err.Raise DllMissing, "xlsales", Setting("dll_folder") & "\" & DllName
    End If
    DllLoaded = True
End Sub

' Runs a macro of xlsales.hosts.excel.macros on the active workbook; ends in one message where that fails. Python gets
' Excel and the workbook in hand: it could not find an Excel without a workbook, and a formula that is computed during a
' dialog must not change which workbook is meant.
Public Sub RunMacro(ByVal Verb As String, ByVal NeedsBook As Boolean)
    Dim Python As Object
    Dim Number As Long
    Dim Detail As String
    If Running Then
        MsgBox Sentence("busy"), vbExclamation, "xlsales"
        Exit Sub
    End If
    If NeedsBook And ActiveWorkbook Is Nothing Then
        MsgBox Sentence("no_book"), vbExclamation, "xlsales"
        Exit Sub
    End If
    On Error GoTo Failed
    Set Python = Server()
    BeginRun
    Python.Call Python.Module("xlsales.hosts.excel.macros"), "run", Python.Tuple(Verb, Application, ActiveWorkbook)
    EndRun
    ClearLater
    Exit Sub
Failed:
    Number = Err.Number
    Detail = Err.Description
    EndRun
    WriteLog Verb, Detail
    Application.StatusBar = False
    MsgBox FailureText(Number, Detail, "macro_failed"), vbCritical, "xlsales"
End Sub

' During a call that takes a minute Excel would say that it waits for another application to complete an OLE action,
' and a click into a cell would make it refuse what Python writes. So it takes no clicks, shows no alert, and has no
' message filter. Python lets clicks in while it shows a dialog; Esc in another window then must not end this code: all of
' it would stay turned off. (Excel restores the cancel key by itself.) Nothing of this may keep a run from starting.
Private Sub BeginRun()
    Running = True
    Alerts = Application.DisplayAlerts
    Events = Application.EnableEvents
    On Error Resume Next
    Application.EnableCancelKey = xlDisabled
    Application.DisplayAlerts = False
    Application.Interactive = False
    SetMessageFilter 0, KeptFilter
End Sub

' Excel restores none of this by itself. A call that failed may have left more turned off.
Private Sub EndRun()
    Dim Unused As LongPtr
    If Not Running Then Exit Sub
    On Error Resume Next
    SetMessageFilter KeptFilter, Unused
    Application.Interactive = True
    Application.DisplayAlerts = Alerts
    Application.EnableEvents = Events
    Application.ScreenUpdating = True
    Running = False
End Sub

' The last line of a run stays in the status bar for a while; Excel itself would leave it there for ever. A run that
' went well must not end in an error of this.
Private Sub ClearLater()
    On Error Resume Next
    If VarType(Application.StatusBar) <> vbString Then Exit Sub
    LastLine = Application.StatusBar
    Application.OnTime Now + TimeSerial(0, 0, ShownSeconds), "'" & ThisWorkbook.Name & "'!ClearStatusBar"
End Sub

' Takes the line of a run away, unless somebody has written another one.
Public Sub ClearLastLine()
    On Error Resume Next
    If Running Then Exit Sub
    If VarType(Application.StatusBar) <> vbString Then Exit Sub
    If Application.StatusBar = LastLine Then Application.StatusBar = False
End Sub

' The workbook whose cell calls, for its language; the add-in itself where no cell does.
Public Function CallingBook() As Workbook
    Set CallingBook = ThisWorkbook
    If TypeName(Application.Caller) = "Range" Then Set CallingBook = Application.Caller.Worksheet.Parent
End Function

' What a cell shows where a function could not be computed: one line.
Public Function CellFailure(ByVal Caller As String, ByVal Number As Long, ByVal Detail As String) As String
    If Number <> NotStarted And Number <> NeverConnected Then WriteLog Caller, Detail
    CellFailure = FailureText(Number, Detail, "function_failed")
End Function

' The sentence for a failure; Otherwise names the sentence for what nobody foresaw.
Public Function FailureText(ByVal Number As Long, ByVal Detail As String, ByVal Otherwise As String) As String
    Select Case Number
        Case NotInstalled
            FailureText = Sentence("not_installed")
        Case DllMissing
            FailureText = Sentence("dll_missing", Detail)
        Case NotStarted
            FailureText = Sentence("not_started", LogFile())
        Case NeverConnected
            FailureText = Sentence("never_connected", LogFile())
        Case Else
            FailureText = Sentence(Otherwise, LogFile())
    End Select
End Function
