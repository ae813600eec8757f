import type { Action } from '../api/action.ts';

export function isMaking({ type }: Action): boolean {
  return type === 'CreateSession';
}

export function isOther(action: Action): boolean {
  return !isMaking(action);
}

export function isStart({ type }: Action): boolean {
  return type === 'RespawnPane' || type === 'CreateWindow' || type === 'CreateSession' || type === 'SplitWindow';
}
