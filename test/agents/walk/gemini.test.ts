import { geminiWalk } from '../classes/gemini.ts';
import { walkTests } from './declare.ts';

walkTests(geminiWalk);
