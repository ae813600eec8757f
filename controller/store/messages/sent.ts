import { join } from 'node:path';
import type { Message } from '../../api/generated/all.ts';
import { validatorOf } from '../schemas.ts';
import { createFolder, type Folder } from './folder.ts';

/** Messages that `muxlet send` left, and such as the controller sends itself: state/messages/NAME.json. */
export function sentMessages(state: string, onBroken: (path: string) => void): Folder<Message> {
  const validate = validatorOf('Message');
  return createFolder(
    join(state, 'messages'),
    (raw, name) => (validate(raw) && (raw as Message).metadata.name === name ? (raw as Message) : undefined),
    onBroken,
  );
}
