// Coding agents put texts of their own into the user's side of a conversation (where they are, which date it is, what
// the repository's instructions say). A test asks for what a person or a controller sent, so these are left out. Seen on
// Claude Code 2.1.329, Codex 0.169.0, Gemini CLI 0.61.0, Qwen Code 0.24.4, OpenCode 1.18.33.

const ADDED = [
  /^\s*<(system-reminder|environment_context|user_instructions|permissions instructions|session_context|recommended_plugins)\b/,
  /^# AGENTS\.md instructions/,
];

export function ownTexts(texts: readonly (string | undefined)[]): string[] {
  return texts.flatMap((text) => (text === undefined || ADDED.some((added) => added.test(text)) ? [] : [text]));
}
