import { readFileSync } from 'node:fs';
import { agentFiles, type LaunchRecord, parseLaunchRecord } from '../../api/launch-record.ts';
import { writeOwnFile } from './own-file.ts';

/** state/agents/UID/launch.json of every agent. */
export interface LaunchRecords {
  read(projectUid: string, agent: string): LaunchRecord | undefined;
  write(projectUid: string, agent: string, record: LaunchRecord): void;
  /** The program named its conversation: the next start goes on with that one. What another run says changes nothing. */
  learn(projectUid: string, agent: string, run: string, conversation: string): void;
}

export function createLaunchRecords(agents: string): LaunchRecords {
  /** What is known to stand there, so that nothing is read again for each look at an agent. */
  const learned = new Map<string, string>();

  function read(projectUid: string, agent: string): LaunchRecord | undefined {
    try {
      return parseLaunchRecord(readFileSync(agentFiles(agents, projectUid, agent).launch, 'utf8'));
    } catch {
      return undefined;
    }
  }

  function write(projectUid: string, agent: string, record: LaunchRecord): void {
    writeOwnFile(agentFiles(agents, projectUid, agent).launch, `${JSON.stringify(record)}\n`);
  }

  return {
    read,
    write,
    learn(projectUid, agent, run, conversation) {
      const { directory } = agentFiles(agents, projectUid, agent);
      const fact = `${run} ${conversation}`;
      if (learned.get(directory) === fact) return;
      learned.set(directory, fact);
      const record = read(projectUid, agent);
      if (record?.run !== run || record.conversation === conversation) return;
      write(projectUid, agent, { ...record, conversation });
    },
  };
}
