import { Lasso } from '../../src/index.ts'; import { Dice } from './problems.ts';
let best=1e9,bad=0,N=300000;
for (let seed=1; seed<N; seed++){ const d=new Dice(seed); const n=2+d.integer(3),p=n-1+d.integer(4); const mean=[100,1000,1000][d.integer(3)];
 const X=Array.from({length:n},()=>Array.from({length:p},()=>mean+d.integer(7)-3)); const y=Array.from({length:n},()=>d.integer(7)-3);
 const m=new Lasso({lambda:1,penaltyFactors:X[0].map(()=>0),tol:1e-7}).fit(X,y); if (!m.certificate.converged){ bad++; if(n*p<best){best=n*p; console.log(JSON.stringify({X,y}),m.coef,m.certificate);} } }
console.log(bad,N);
