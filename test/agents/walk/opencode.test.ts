import { opencodeWalk } from '../classes/opencode.ts';
import { walkTests } from './declare.ts';

walkTests(opencodeWalk);
