/** What the keys do; as many lines as a screen of 24 has room for below the header. */
export const HELP: readonly string[] = [
  '  Up Down k j          move                1 2 3 Tab   agents, projects, queues',
  '  PgUp PgDn ^B ^F      a page              Home End g G   first, last',
  '  < > Left Right       sort by the column beside       I   turn the order round',
  '  N S P M W C L E T X U   sort by name, state, CPU, memory, messages, commits,',
  '                       last commit, evidence, age, restarts, time it has run',
  '  /                    filter: words that must occur, !word must not; Esc: all',
  '  Enter l              log; of a project its agents, of a queue its projects',
  '  a                    attach; C-b d, within tmux C-b C-b d, comes back',
  '  m                    send a message: to the agent, or to all of the project',
  '  s                    suspend the project, or have it go on, after a y',
  '  R                    reset the project, after a y',
  '  ^L ^Z                draw anew, stop (fg comes back)',
  '  ? h                  this                q ^C   quit',
  '',
  '  CPU% of one core and MEM are of all processes of an agent together. MSGS are',
  '  waiting/delivered. AGE is that of the evidence that the state was read from.',
];
