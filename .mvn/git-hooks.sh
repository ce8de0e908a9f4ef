# Sourced by mvnw: points Git at .githooks in a clone that has no hooks of its own. Not in CI, not in an unpacked archive (which may
# lie inside another repository), never over a hooks path that was configured. To undo it: git config core.hooksPath .git/hooks

enable_git_hooks() {
  [ -z "${CI-}" ] && [ -e "$1/.git" ] && command -v git >/dev/null 2>&1 || return 0
  ! git -C "$1" config --get core.hooksPath >/dev/null 2>&1 || return 0
  hooks=$(cd "$1" && git rev-parse --git-path hooks 2>/dev/null) || return 0
  for hook in "$hooks"/*; do
    case $hook in
    *.sample | "$hooks/*") ;;
    *) return 0 ;; # somebody's own, which the setting would switch off
    esac
  done
  git -C "$1" config core.hooksPath .githooks 2>/dev/null || return 0
  echo "Git now checks commits with .githooks (core.hooksPath)." >&2
}

enable_git_hooks "$(dirname "$0")"
