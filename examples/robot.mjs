// "L1 for dummies": a robot that can memorise five characters, and what it learns when its memory is taken away.
import { basisPursuit, Lasso } from 'spinifex';

// Characters and their parts. All of the first category have 扌 (hand); the robot may remember whole characters or parts.
const hand = ['把', '打', '扒', '捕', '拉'];
const others = ['妈', '洗', '村', '饭', '铁'];
const parts = {
  把: '扌巴',
  打: '扌丁',
  扒: '扌八',
  捕: '扌甫',
  拉: '扌立',
  妈: '女马',
  洗: '氵先',
  村: '木寸',
  饭: '饣反',
  铁: '钅失',
  抱: '扌包',
};
const lessons = [...hand, ...others];
const memory = [...lessons, ...new Set(lessons.flatMap((character) => [...parts[character]]))];
const sees = (character) => memory.map((item) => (item === character || parts[character].includes(item) ? 1 : 0));
const show = (weights) =>
  memory.flatMap((item, j) => (Math.abs(weights[j]) > 1e-9 ? [`${item} ${weights[j].toFixed(2)}`] : [])).join('  ');

const X = lessons.map(sees);
const y = lessons.map((character) => (hand.includes(character) ? 1 : 0));

// Too clever: one weight for every character of the category. All ten lessons are right, and the next one is wrong.
const memorised = memory.map((item) => (hand.includes(item) ? 1 : 0));
// The smallest L1 norm that still gets all ten lessons right.
const { x: banged, unique } = basisPursuit(X, y);
const answer = (weights) => sees('抱').reduce((sum, s, j) => sum + s * weights[j], 0);
const norm = (weights) => weights.reduce((sum, w) => sum + Math.abs(w), 0);
const says = (weights) => `L1 norm ${norm(weights).toFixed(0)}, says of 抱: ${answer(weights) > 0.5 ? 'hand' : 'other'}`;
console.log('memory:     ', X.length, 'lessons,', memory.length, 'things to remember');
console.log('memorised:  ', show(memorised), '', says(memorised));
console.log('smallest L1:', show(banged), '', says(banged));
console.log('no other solution is as small:', unique);

// The lasso finds it, too, and shrinks it a little.
console.log('lasso:      ', show(new Lasso({ lambda: 0.02, fitIntercept: false }).fit(X, y).coef));
