# What the scripts share; they source it from the repository's folder.

# Install what the lock file names, when it is not there yet or the lock file is newer.
function Install-Dependencies {
    $installed = Get-Item 'node_modules/.package-lock.json' -Force -ErrorAction SilentlyContinue
    if ($installed -and (Get-Item 'package-lock.json').LastWriteTimeUtc -le $installed.LastWriteTimeUtc) { return }
    if (-not (Get-Command npm -ErrorAction SilentlyContinue)) {
        throw 'npm was not found: install Node.js 20 or newer from https://nodejs.org, then start again'
    }
    Write-Host 'installing the dependencies'
    & npm ci --no-audit --no-fund '--loglevel=error'
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

# Run the command; a refusal ends the script with the command's own exit code.
function Invoke-Rossmann {
    $command = if ($env:OS -eq 'Windows_NT') { 'node_modules\.bin\rossmann.cmd' } else { './node_modules/.bin/rossmann' }
    if (-not (Test-Path $command)) {
        throw 'the dependencies are not installed: run scripts/bootstrap_local_windows.ps1 first'
    }
    & $command @args
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
