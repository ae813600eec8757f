export type Shell = 'bash' | 'zsh' | 'fish';

/**
 * Each asks `muxlet __complete WORDS…`, so that names are those that are there now. The answer is a candidate a line, with
 * what it is behind a tab; at the end `:files` or `:directories` where the shell is to offer those. An error is no answer.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  // The line is split at blanks alone: bash's own words end at each : and = as well, and so must what it is offered.
  bash: `# bash completion for muxlet: source <(muxlet completion bash)
_muxlet() {
  local line="\${COMP_LINE:0:COMP_POINT}" current candidate prefix
  local -a words
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current="\${words[\${#words[@]}-1]}"
  prefix="\${current%"\${current##*[:=]}"}"
  COMPREPLY=()
  while IFS= read -r candidate; do
    candidate="\${candidate%%$'\\t'*}"
    case "$candidate" in
      :files|:directories)
        compopt -o filenames 2>/dev/null
        while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done \\
          < <(compgen "$([[ $candidate == :files ]] && echo -f || echo -d)" -- "\${current#"$prefix"}") ;;
      *)
        [[ $candidate == *[=/:] ]] && compopt -o nospace 2>/dev/null
        COMPREPLY+=("\${candidate#"$prefix"}") ;;
    esac
  done < <(muxlet __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _muxlet muxlet
`,
  zsh: `#compdef muxlet
# zsh completion for muxlet: source <(muxlet completion zsh)
_muxlet() {
  local line
  local -a values shown open openshown
  for line in "\${(@f)$(muxlet __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case "$line" in
      :files) _files ;;
      :directories) _files -/ ;;
      '') ;;
      *)
        if [[ "\${line%%$'\\t'*}" == *[=/:] ]]; then
          open+=("\${line%%$'\\t'*}"); openshown+=("\${line/$'\\t'/  -- }")
        else
          values+=("\${line%%$'\\t'*}"); shown+=("\${line/$'\\t'/  -- }")
        fi ;;
    esac
  done
  (( \${#values} )) && compadd -l -d shown -a values
  (( \${#open} )) && compadd -S '' -l -d openshown -a open
  return 0
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _muxlet muxlet
`,
  fish: `# fish completion for muxlet: muxlet completion fish | source
function __muxlet_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (muxlet __complete -- $words[2..-1] 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path (commandline -ct)
            case :directories
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c muxlet -f -a '(__muxlet_complete)'
`,
};
