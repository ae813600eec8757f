import { gemini } from '../classes/gemini.ts';
import { smokeTests } from './walk.ts';

smokeTests(gemini);
