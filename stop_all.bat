@echo off
rem Stop what run_all.bat or start_local_windows.ps1 started. The data stays.
setlocal
cd /d "%~dp0"
if not exist node_modules\.bin\rossmann.cmd (
  echo nothing is installed here, so nothing runs 1>&2
  exit /b 1
)
call node_modules\.bin\rossmann.cmd down %*
exit /b %errorlevel%
