import { qwen } from '../classes/qwen.ts';
import { smokeTests } from './walk.ts';

smokeTests(qwen);
