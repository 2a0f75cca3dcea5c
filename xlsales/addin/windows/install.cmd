@echo off
rem Double-click this file. It runs install.ps1, which is beside it: read that one first, it is short.
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0install.ps1"
pause
