@echo off
rem Install what is missing, then bring everything up. All options are passed on: run_all.bat --port 8080
setlocal
cd /d "%~dp0"
where npm >nul 2>nul
if errorlevel 1 (
  echo npm was not found: install Node.js 20 or newer from https://nodejs.org, then start again 1>&2
  exit /b 1
)
if not exist node_modules\.bin\rossmann.cmd (
  call npm ci --no-audit --no-fund --loglevel=error || exit /b 1
)
call node_modules\.bin\rossmann.cmd up %*
exit /b %errorlevel%
