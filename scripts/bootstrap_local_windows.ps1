# Prepare an installation without starting it: dependencies, .env, database, data, model. What is there already stays.
# With -PostgresSuperPassword a role and a database are made on a PostgreSQL of your own and named in .env; without it the
# embedded server is used, and nothing needs to be installed.
param(
    [string]$PyVersion = '',                 # accepted for older callers; no Python is needed
    [string]$PostgresSuperUser = 'postgres',
    [string]$PostgresSuperPassword = $env:PG_SUPERPASSWORD,
    [string]$DbUser = 'rossmann_user',
    [string]$DbPassword = $env:POSTGRES_PASSWORD,
    [string]$DbName = 'rossmann',
    [string]$DbHost = '127.0.0.1',
    [int]$DbPort = 5432,
    [string]$DataFolder = 'data',
    [ValidateSet('quick', 'full')]
    [string]$TrainingProfile = 'quick'
)
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')
. (Join-Path $PSScriptRoot 'lib/rossmann.ps1')

if ($PyVersion) { Write-Host 'PyVersion has no meaning any more: no Python is needed' }
Install-Dependencies
if (-not (Test-Path '.env')) { Copy-Item '.env.example' '.env' }
if ($PostgresSuperPassword) {
    $env:PG_SUPERPASSWORD = $PostgresSuperPassword
    if ($DbPassword) { $env:POSTGRES_PASSWORD = $DbPassword }
    Invoke-Rossmann create-database --superuser $PostgresSuperUser --host $DbHost --port $DbPort --user $DbUser --database $DbName
}
Invoke-Rossmann bootstrap --data $DataFolder --profile $TrainingProfile
