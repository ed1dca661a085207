# A measure over two parameters, a field for each pair of values, the number in it. Rows of the
# table: column, row, value, the number as it is written.
unset grid
set border 0
set tics scale 0
set style fill solid 1 noborder
set palette defined (0 '#f7fbff', 0.5 '#9ecae1', 1 '#08519c')
set cblabel measure offset 1.5, 0
set rmargin 16
wide = least > 0 && most > 20 * least
if (wide) set logscale cb
middle = wide ? sqrt(least * most) : (least + most) / 2
set cbrange [least:most]
plot data using 1:2:3 with image, \
    data using 1:2:(stringcolumn(4)):($3 > middle ? 0xffffff : 0x222222) with labels \
        textcolor rgb variable
