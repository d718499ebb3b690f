@echo off
rem Install what is missing, then bring everything up. All options are passed on: run_all.bat --port 8080
cd /d "%~dp0"
if not exist node_modules\.bin\rossmann.cmd (
  call npm ci --loglevel=error || exit /b 1
)
call node_modules\.bin\rossmann.cmd up %*
exit /b %errorlevel%
