# What runs here, since when, and whether it answers. Exit code 1 when it does not.
# The ports are known from the start; the parameters are accepted for older callers.
param(
    [int]$BackendPort = 0,
    [int]$FrontendPort = 0
)
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')
. (Join-Path $PSScriptRoot 'lib/rossmann.ps1')

if ($BackendPort -or $FrontendPort) { Write-Verbose 'the ports of the running start are used' }
Invoke-Rossmann status
