export type Shell = 'bash' | 'zsh' | 'fish';

/** Each asks `muxlet __complete WORDS…`, one candidate a line, so that names are those that are there now. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion for muxlet: source <(muxlet completion bash)
_muxlet() {
  local current="\${COMP_WORDS[COMP_CWORD]}"
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(muxlet __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$current"))
}
complete -o default -F _muxlet muxlet
`,
  zsh: `#compdef muxlet
# zsh completion for muxlet: source <(muxlet completion zsh)
_muxlet() {
  local -a candidates
  candidates=("\${(@f)$(muxlet __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- $candidates
}
compdef _muxlet muxlet
`,
  fish: `# fish completion for muxlet: muxlet completion fish | source
function __muxlet_complete
    set -l words (commandline -opc) (commandline -ct)
    muxlet __complete -- $words[2..-1] 2>/dev/null
end
complete -c muxlet -f -a '(__muxlet_complete)'
`,
};
