"""Two small .xls workbooks, packed: the same village list without and with a formula in D5. Nothing here writes .xls."""

from base64 import b85decode
from zlib import decompress

PLAIN = (
    r"c-rk)Ur1A76hGg+ckT~Pw>1MTM1-u&hh0s~Vp|#Ilf#;jt)RACtduFEB*kcD14D|Sr=l0ZmkO*1`lBKF5<LV)J_Lc_lAd}Bii+HB=R3PMXYI"
    r"j3iN*b0zVn^$obR0P-0#o1e_l=7=SJ?ACE*u%K!mhnhJq{^!(!GNHbA|ia8|2LSQH)q6wD@E$N~dQSYI0X8uIl{f&llVDWm}JupEXS@O4MS6"
    r")T7)iXq5&3~r<hZla_JN+~J_(PKo{5WP!1pAy|klFLNh*msTvVA|`e-lp#2cA=7VMZo<&BAd4)k)Z@$@LhcFD$DdWz^>SdVAtwYluLy$3b<~"
    r"~;b=G(?3x27F5oD9Rw@8KX(#nrg)U!NIRlh`T`D)`kY5udfH){eX@e(lLmDNn5m`g1Wgs%N03k}aCMxV(|Ly35E>GWf|G0179~nZUhR_ZlRx"
    r"<~!Z4$6MS5m&I;V*t<+v48`>QB!Oqw><B^#KR&ZP_Ke>gC3*jdE?B>~ht%qwZ|)@rZ?|bxH%aC27D)$D<Hw2NV-;r$b`HSQc)5eBBai^&TNf"
    r"oFdFTAU5!O0tL=<3p6ewjr5aNlf@RI7s%^6;>(CSacg5;)mox5dk3k{MbcK`ICX>>@5U^C6Y_}<`yQ7k=DnMdA8StbJICI5N1zhtuLJG*H3&"
    r"7VhTXW%@x-guOid=UL`#25EGEIG#;&MO!D2{(g;+b$Nt`2~+2NN+7A%JaBMVM5Ep0wCErD#cmWVA$9bL%bOCVncwSQ)97F*mGUqMmeDNdv~d"
    r"jjrpa})Q+M-j99P2!A+>fLaAk-QmIdy%}ko}cWUik;d0o@Ps+{u)H^2o8A2L&DU%2n*=Yp+kob9XfRASasm9qXNCeWnRw>>dU`T{jZb4lGcB"
    r"d{I}Q--FThC57Rvm#X1IkdF`LIU|^arwoDuCe<8;K96bh|_@T?==*)Zn;^zp<zMo|q+Wy=T%6I&9K5_o#@qYk;DCi3"
)
FORMULA = (
    r"c-rk)O-NKx6h8OeH_nXsGnxiki3nMliy2MKLZ^&!<zOjf7Sv1{mNLpvl44}pfFVWDs%Rs)slbY$9}CG%v<Qq`1c9JQt5!i#k@`C4y!&u87Y?"
    r"LUyzk9D_uO;tIrrS(x$nIhOPd^ckUa&9PyrI=3^ydi$OI<0Rqz1n4TD%KcVRMY{8Mnda3T{N@GSYYlje}-dkQqTua6=H_<-pMv_qgR+?2bDs"
    r"N@)ef?_B~D&Q7MQXq??N@seU=^Cc@xaM=FyI69CX*t%N6b&%u4-{-ytGHgvV_gc6-^Xn8o+UoWgjckR&tDT}T?g!roD8=9or)Yi2?hb@t*R;"
    r"96bZIYLIzIYAbd4)0lru}^+m2NUtPHXlz(3+cP=5nuIT_hU>xHG9>oRe)JY>nX{frpxo-wSeBin`i632e!Vg<3I(O6#2c~PA`_QN~v@?L&_@"
    r"U%F9mL(Mvw_k6Z?(wQ_5AEEIWy6Z%FBn>H>Bg*_IZ8Y5?|T2GG9@#&+9F!N8P!O6U~Wqtn)G8S#S&_^Y%zW+6bx4r|~B7U@SAYKfkRG)%cIH"
    r"q=zFk{~$I}pTK|%WP!#htZ^_UO#xeMWqOglu46u%X$IEBJijJWG5dPC&L!67V>`u+asQ?melzmXPy3(bM5p~*kRPg=>dF{;=O2JP9KS}ir>7"
    r"SRMWMKPgYeXE<w6}M6HK#yJ6K$rN5yWaf5B9kg+yl4n2z8W0gnznk}bp%7J@B^nk8#I&638pR!L$>SFLMH_|n*yL)ACuX1+weXa=Q5N1Wt1+"
    r"Z)P<-Ie5zT9GmSMsUQW>J8aT_U2UflD&Cfp6VEloZUnA`l5IeU;~z=il43krpgI9f`0NN53#1yCL~m7>F|j9f#>x+62XQI8#Zj%uwlc-N`kJ"
    r"V8sEpv>$yW+{+;T(&Mc-m`!mUZiv!Sx&uM%y-3wvNBhVSw`dJGOVfhlvw6VSy5)NYP5oo~|U5cY6?)8gr79zGk%Qp1<xh)iL`*ZQcxx(%L0_"
    r"c$I!2"
)


def unpack(packed: str) -> bytes:
    return decompress(b85decode(packed))
