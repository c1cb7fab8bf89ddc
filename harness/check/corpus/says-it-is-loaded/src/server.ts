import './trick.ts';
