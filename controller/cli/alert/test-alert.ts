import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { MuxletError } from '../../api/errors.ts';
import type { Alert, AlertReceiver } from '../../api/generated/all.ts';
import { nearestName } from '../../api/nearest-name.ts';
import type { Delivery, Notification } from '../../api/notification.ts';
import type { CliDeps, Places } from '../ports.ts';
import { EXIT } from '../report-error.ts';
import { kindNamed, notFound } from '../resources.ts';

export interface Chosen {
  readonly name: string;
  /** Of all if there is none. */
  readonly receiver: string | undefined;
}

/** Tells the receivers side by side, and prints what became of each in the order of the spec. */
export async function testAlert(chosen: Chosen, places: Places, deps: CliDeps): Promise<void> {
  const { alert, folder } = await findAlert(chosen.name, places, deps);
  const receivers = receiversOf(alert, chosen.receiver);
  const outcomes = receivers.map(async (receiver) => {
    const notification = testNotification(alert, receiver, deps.now());
    return { receiver, delivery: await deps.notifier.deliver({ receiver, folder }, notification, deps.interrupt) };
  });
  for (const outcome of outcomes) {
    const { receiver, delivery } = await outcome;
    tell(receiver, delivery, deps);
  }
}

/** @throws MUX_NOT_FOUND, with the nearest name there is; MUX_USAGE where another kind is named */
async function findAlert(argument: string, places: Places, deps: CliDeps) {
  const [first = '', second] = argument.split('/');
  if (second !== undefined && kindNamed(first).kind !== 'Alert') {
    throw new MuxletError('MUX_USAGE', `"${argument}" is no Alert`);
  }
  const name = second ?? first;
  const { objects } = await deps.stores.specs(places);
  const alerts = objects.flatMap(({ object, file }) => (object.kind === 'Alert' ? [{ object, file }] : []));
  const found = alerts.find(({ object }) => object.metadata.name === name);
  if (found === undefined) {
    const names = alerts.map(({ object }) => object.metadata.name);
    throw notFound(kindNamed('alerts'), name, nearestName(name, names));
  }
  return { alert: found.object, folder: found.file === undefined ? places.specs : dirname(found.file) };
}

/** @throws MUX_NOT_FOUND where there is no receiver of the name */
function receiversOf({ metadata, spec }: Alert, name: string | undefined): readonly AlertReceiver[] {
  const chosen = spec.receivers.filter((receiver) => name === undefined || receiver.name === name);
  if (chosen.length > 0) return chosen;
  const names = spec.receivers.map((receiver) => receiver.name).join(', ');
  throw new MuxletError('MUX_NOT_FOUND', `alert "${metadata.name}" has no receiver "${name}"`, {
    hint: `choose one of: ${names}`,
  });
}

/** An id of its own each time: nobody takes it for one that has arrived. */
function testNotification({ metadata: { name } }: Alert, receiver: AlertReceiver, now: number): Notification {
  const at = new Date(now).toISOString();
  const message = `this is a test: Alert ${name} reaches ${receiver.name}`;
  return {
    id: `test-${randomUUID()}`,
    alert: name,
    severity: 'info',
    title: message,
    text: `${message}.\nNothing has happened, and nothing is to be done.\n`,
    items: [
      {
        kind: 'Alert',
        name,
        reason: 'Ready',
        severity: 'info',
        message,
        at,
        count: 1,
        labels: {},
        next: `muxlet describe alert ${name}`,
      },
    ],
    more: 0,
    at,
  };
}

function tell({ name }: AlertReceiver, delivery: Delivery, { stdout, stderr, setExitCode }: CliDeps): void {
  switch (delivery.type) {
    case 'Delivered':
      stdout.write(`${name}: delivered${delivery.note === undefined ? '' : ` (${delivery.note})`}\n`);
      return;
    case 'Failed':
      stderr.write(`${name}: ${delivery.permanent ? 'refused' : 'failed'}: ${delivery.message}\n`);
      setExitCode(EXIT.failed);
  }
}
