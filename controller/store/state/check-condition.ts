import type { Condition } from '../../api/generated/all.ts';
import { count, name, need, oneOf, or, record, text, time } from './check.ts';

export const condition = record<Condition>({
  type: need(name),
  status: need(oneOf<Condition['status']>({ True: true, False: true, Unknown: true })),
  reason: need(text),
  message: or(text, ''),
  lastTransitionTime: need(time),
  observedGeneration: or(count, 0),
});
