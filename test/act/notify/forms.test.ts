import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discordForm } from '../../../controller/act/notify/forms/discord.ts';
import { genericForm } from '../../../controller/act/notify/forms/generic.ts';
import { ntfyForm } from '../../../controller/act/notify/forms/ntfy.ts';
import { slackForm } from '../../../controller/act/notify/forms/slack.ts';
import type { Notification } from '../../../controller/api/notification.ts';
import { item, notification } from './support.ts';

const HOOK = new URL('https://chat.example.org/hooks/T0/B0/key');
const HOSTILE =
  '<!channel> <@U1> @everyone [click](https://evil.example) <https://evil.example|mail> `x` *b* \u202e\u0007';

interface Slack {
  readonly text: string;
  readonly blocks: readonly {
    readonly text: { readonly text: string; readonly type: string; readonly verbatim: boolean };
  }[];
}
interface Discord {
  readonly content: string;
  readonly allowed_mentions: unknown;
  readonly embeds: readonly [{ readonly description?: string; readonly color: number; readonly timestamp: string }];
}
interface Ntfy {
  readonly topic: string;
  readonly title: string;
  readonly message: string;
  readonly priority: number;
}

const slack = (from: Notification): Slack => slackForm(from, HOOK).body as Slack;
const discord = (from: Notification): Discord => discordForm(from, HOOK).body as Discord;
const ntfy = (from: Notification, address = 'https://ntfy.sh/topic'): Ntfy =>
  ntfyForm(from, new URL(address)).body as Ntfy;

test('Generic is the notification as it is, and says by a header which one', () => {
  const told = notification();
  expect(genericForm(told, HOOK)).toEqual({
    url: HOOK,
    headers: { 'idempotency-key': 'n-1f2e3d' },
    body: { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Notification', ...told },
  });
});

describe('Slack', () => {
  test('gets the title and the items as blocks', () => {
    const { text, blocks } = slack(notification({ more: 3 }));
    expect(text).toBe('agent web/dev waits for a person');
    expect(blocks.map((block) => block.text.text)).toEqual([
      '*agent web/dev waits for a person*',
      [
        '• *Agent web/dev: WaitingForInput*',
        'asks whether it may delete the branch',
        '`muxlet attach web -a dev`',
        '… and 3 more; muxlet events shows them',
      ].join('\n'),
    ]);
  });

  test('mentions nobody and links to nothing, whatever an agent wrote', () => {
    const told = notification({ title: HOSTILE, items: [item({ message: HOSTILE, next: HOSTILE })] });
    const body = slack(told);
    expect(body).toMatchObject({ link_names: false, unfurl_links: false, unfurl_media: false });
    for (const { text } of body.blocks) expect(text).toMatchObject({ type: 'mrkdwn', verbatim: true });
    expect([body.text, ...body.blocks.map(({ text }) => text.text)].join('')).not.toMatch(/[<>\u202e\u0007]/);
  });
});

describe('Discord', () => {
  test('gets the title as content and the items as an embed, and is asked whether it was made', () => {
    expect(discordForm(notification(), HOOK).url.search).toBe('?wait=true');
    expect(discord(notification({ severity: 'critical' }))).toMatchObject({
      content: '**agent web/dev waits for a person**',
      embeds: [{ color: 0xe74c3c, timestamp: '2026-11-22T01:02:03.004Z', footer: { text: 'muxlet alert/oncall' } }],
    });
  });

  test('mentions nobody and shows markup as text, whatever an agent wrote', () => {
    const body = discord(notification({ title: HOSTILE, items: [item({ message: HOSTILE, next: HOSTILE })] }));
    expect(body.allowed_mentions).toEqual({ parse: [] });
    const shown = `${body.content.slice(2, -2)}${body.embeds[0].description?.split('\n').slice(1).join('')}`;
    // Without what a backslash takes the meaning of.
    expect(shown.replaceAll(/\\./g, '')).not.toMatch(/[\\`*_~|<>@#:[\]()\u202e\u0007]/);
  });
});

describe('ntfy', () => {
  test('gets JSON at the root of its server, with the topic of the address', () => {
    expect(ntfyForm(notification(), new URL('https://ntfy.sh/my-topic')).url.href).toBe('https://ntfy.sh/');
    expect(ntfyForm(notification(), new URL('https://ntfy.sh/my-topic/?auth=x')).url.href).toBe(
      'https://ntfy.sh/?auth=x',
    );
    expect(ntfy(notification(), 'https://ntfy.sh/my-topic')).toEqual({
      topic: 'my-topic',
      title: 'agent web/dev waits for a person',
      message: '• Agent web/dev: WaitingForInput\nasks whether it may delete the branch\nmuxlet attach web -a dev',
      priority: 4,
      tags: ['warning'],
    });
  });
});

test.each(['"', '\\', '\n', 'é', '界', '😀'])('ntfy takes the JSON of a notification that is all %j', (character) => {
  const long = character.repeat(600);
  const items = Array.from({ length: 20 }, () => item({ name: long, message: long, next: long }));
  for (const parts of [
    { title: long, items },
    { title: long, items: [], text: long.repeat(20) },
  ]) {
    const address = `https://ntfy.sh/${'t'.repeat(64)}`;
    expect(Buffer.byteLength(JSON.stringify(ntfy(notification(parts), address)))).toBeLessThan(8192);
    expect(Buffer.byteLength(ntfy(notification(parts), address).message)).toBeLessThan(4096);
  }
});

test('all stay within the limits of their services, with whole items and a count of the rest', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 600 });
  const items = fc.array(
    fc.record({ message: text, next: text, count: fc.integer({ min: 1, max: 1_000_000 }) }).map(item),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(fc.record({ title: text, text, items, more: fc.nat(100_000) }), (parts) => {
      const told = notification(parts);
      for (const block of slack(told).blocks) expect(block.text.text.length).toBeLessThanOrEqual(3000);
      const { content, embeds } = discord(told);
      expect(content.length).toBeLessThanOrEqual(2000);
      expect(embeds[0].description?.length ?? 1).toBeLessThanOrEqual(4096);
      expect(content.length + (embeds[0].description?.length ?? 0)).toBeLessThanOrEqual(6000);
      const { message } = ntfy(told);
      expect(Buffer.byteLength(message)).toBeLessThan(4096);
      const shown = message.split('\n').filter((line) => line.startsWith('• ')).length;
      const rest = Number(/… and (\d+) more/.exec(message)?.[1] ?? 0);
      if (parts.items.length > 0) expect(shown + rest).toBe(parts.items.length + parts.more);
    }),
    { numRuns: 60 },
  );
});
