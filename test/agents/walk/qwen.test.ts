import { qwenWalk } from '../classes/qwen.ts';
import { walkTests } from './declare.ts';

walkTests(qwenWalk);
