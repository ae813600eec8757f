import { codex } from '../classes/codex.ts';
import { smokeTests } from './walk.ts';

smokeTests(codex);
