import type { WebhookReceiver } from '../../../api/generated/all.ts';
import { discordForm } from './discord.ts';
import type { WebhookForm } from './form.ts';
import { genericForm } from './generic.ts';
import { ntfyForm } from './ntfy.ts';
import { slackForm } from './slack.ts';

export const FORMS: Readonly<Record<NonNullable<WebhookReceiver['form']>, WebhookForm>> = {
  Generic: genericForm,
  Slack: slackForm,
  Discord: discordForm,
  Ntfy: ntfyForm,
};
