# Messages under way over time. Table of a trace: in-flight (csv).
set datafile separator ','
set style fill solid 0.18 noborder
set xlabel 'true time (' . unit . ')'
set ylabel 'messages under way'
set yrange [0:*]
stats flight every ::1 using 3 nooutput
if (STATS_max <= 10) set ytics 1
plot flight every ::1 using ($2 * scale):3 with fillsteps linecolor rgb colour(1), \
    flight every ::1 using ($2 * scale):3 with steps linewidth 1.3 linecolor rgb colour(1)
