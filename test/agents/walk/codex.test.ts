import { codexWalk } from '../classes/codex.ts';
import { walkTests } from './declare.ts';

walkTests(codexWalk);
