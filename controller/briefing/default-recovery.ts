/** For roles that say nothing of their own, and for agents without one. */
export const DEFAULT_RECOVERY = `
You were started again{% if reason %} ({{ reason }}){% endif %}. Nothing that stands in {{ workingDir }} was touched.
Before you change anything, find out how far you had come: git status, git log, and whatever plan or notes you keep. Then
go on where you were; do nothing twice.
{%- if commits.size > 0 %}

The latest commits there:
{%- for commit in commits %}
  {{ commit }}
{%- endfor %}
{%- endif %}

What you were told at the beginning:
`;
