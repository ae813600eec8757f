import { opencode } from '../classes/opencode.ts';
import { smokeTests } from './walk.ts';

smokeTests(opencode);
