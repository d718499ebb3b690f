@echo off
rem Stop what run_all.bat started.
cd /d "%~dp0"
call node_modules\.bin\rossmann.cmd down %*
exit /b %errorlevel%
