#!/bin/sh
# Checks every commit that the writer makes and keeps a list of reviews. Only reads the repository. May be killed at any
# moment and started again: it goes on with the commit after the last one that it reviewed.
set -u
cd "$(dirname "$0")" || exit 1
. ./repository.sh

KEEP_REVIEWS=200
reviews=$example/reviews.txt
last=$example/last-reviewed

# Counts files and lines of a commit into $files, $added and $removed.
count_changes() {
  files=0 added=0 removed=0
  while read -r plus minus _; do
    files=$((files + 1)) added=$((added + plus)) removed=$((removed + minus))
  done <<EOT
$(git show --format= --numstat "$1")
EOT
}

# Says what is wrong with a commit, in words; nothing if all is well.
faults_of() {
  git show --check --format= "$1" > /dev/null 2>&1 || printf 'whitespace '
  git fsck --no-progress --no-dangling --no-reflogs "$1" > /dev/null 2>&1 || printf 'objects '
}

review() {
  count_changes "$1"
  faults=$(faults_of "$1")
  verdict=ok
  [ -z "$faults" ] || verdict="wrong: $faults"
  line="$(git show --no-patch --format=%h "$1")  $verdict  $files file, +$added -$removed  $(git show --no-patch --format=%s "$1")"
  say "$line"
  { [ -f "$reviews" ] && tail -n $((KEEP_REVIEWS - 1)) "$reviews"; printf '%s\n' "$line"; } | replace "$reviews"
  printf '%s\n' "$1" | replace "$last"
}

# Commits since the last review, oldest first; only the newest if the history was made anew.
unreviewed() {
  before=$(cat "$last" 2> /dev/null)
  if [ -n "$before" ] && git merge-base --is-ancestor "$before" "$1" 2> /dev/null; then
    git rev-list --reverse "$before..$1"
  else
    printf '%s\n' "$1"
  fi
}

waiting=no
while :; do
  make_folder
  if head=$(git rev-parse --quiet --verify HEAD 2> /dev/null); then
    waiting=no
    for commit in $(unreviewed "$head"); do
      # The writer may have taken it away since.
      git cat-file -e "$commit" 2> /dev/null && review "$commit"
    done
  elif [ "$waiting" = no ]; then
    waiting=yes
    say 'waiting for the first commit'
  fi
  sleep 1
done
