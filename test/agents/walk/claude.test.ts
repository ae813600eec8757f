import { claudeWalk } from '../classes/claude.ts';
import { walkTests } from './declare.ts';

walkTests(claudeWalk);
