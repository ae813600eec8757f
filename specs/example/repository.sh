# Where writer.sh and reviewer.sh meet. Both source this file.

example=${EXAMPLE_DIR:-../../state/example}
pause=${EXAMPLE_SECONDS:-5}

# The folder may be deleted at any time, and comes back.
make_folder() {
  mkdir -p "$example/repository" && example=$(cd "$example" && pwd) || exit 1
}
make_folder

# Named outright: git would otherwise look upwards and find the repository that this example lies in.
export GIT_DIR="$example/repository/.git" GIT_WORK_TREE="$example/repository"
unset GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_NAMESPACE

# Nobody's configuration takes part: no hooks, no signing, no pager.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat

say() {
  printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"
}

# replace FILE < text: all of it or nothing, whenever this is killed.
replace() {
  cat > "$1.new" && mv -f "$1.new" "$1"
}
