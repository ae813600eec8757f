import { claude } from '../classes/claude.ts';
import { smokeTests } from './walk.ts';

smokeTests(claude);
