# shellcheck shell=sh
# What the scripts share; they source it from the repository's folder.

# Install what the lock file names, when it is not there yet or the lock file is newer.
install_dependencies() {
  newer="$(find package-lock.json -newer node_modules/.package-lock.json 2>/dev/null || echo missing)"
  if [ -x node_modules/.bin/rossmann ] && [ -z "$newer" ]; then return; fi
  command -v npm >/dev/null 2>&1 || {
    echo "npm was not found: install Node.js 20 or newer from https://nodejs.org, then start again" >&2
    exit 1
  }
  echo "installing the dependencies" >&2
  npm ci --no-audit --no-fund --loglevel=error
}

rossmann() {
  [ -x node_modules/.bin/rossmann ] || {
    echo "the dependencies are not installed: run scripts/bootstrap_local_linux.sh first" >&2
    exit 1
  }
  ./node_modules/.bin/rossmann "$@"
}
