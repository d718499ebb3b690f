# Stop what start_local_windows.ps1 started. The data stays.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')
. (Join-Path $PSScriptRoot 'lib/rossmann.ps1')

Invoke-Rossmann down
