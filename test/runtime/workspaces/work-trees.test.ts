import { makeFakePlace } from '../../support/work-trees/fake-place.ts';
import { describeWorkTrees } from '../../support/work-trees/suite.ts';

describeWorkTrees('at a repository in memory', makeFakePlace);
