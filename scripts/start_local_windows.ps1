# Start in the background and return when the page answers: API on BackendPort, dashboard on FrontendPort.
param(
    [string]$BackendHost = '127.0.0.1',
    [int]$BackendPort = 8000,
    [int]$FrontendPort = 5173
)
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')
. (Join-Path $PSScriptRoot 'lib/rossmann.ps1')

Invoke-Rossmann up --detach --host $BackendHost --port $BackendPort --dashboard-port $FrontendPort
