"""Mail domains that tell nothing about an employer: free mail for anyone, and throw-away addresses."""

from __future__ import annotations

from disposable_email_domains import blocklist

_FREE_MAIL = """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com windowslive.com hotmail.co.uk
hotmail.de hotmail.fr hotmail.it hotmail.es hotmail.nl hotmail.be hotmail.se hotmail.ch hotmail.ca
hotmail.com.br hotmail.com.ar hotmail.co.jp outlook.de outlook.fr outlook.es outlook.it outlook.at
outlook.be outlook.dk outlook.ie outlook.jp outlook.com.br outlook.com.au outlook.co.uk outlook.in
live.co.uk live.de live.fr live.it live.nl live.be live.se live.dk live.no live.ca live.com.au
live.com.mx live.jp yahoo.com ymail.com rocketmail.com myyahoo.com yahoo.co.uk yahoo.de yahoo.fr
yahoo.it yahoo.es yahoo.ca yahoo.co.in yahoo.in yahoo.co.jp yahoo.com.au yahoo.com.br yahoo.com.mx
yahoo.com.ar yahoo.com.sg yahoo.com.hk yahoo.com.tw yahoo.com.ph yahoo.co.id yahoo.co.nz yahoo.ie
yahoo.at yahoo.ch yahoo.nl yahoo.be yahoo.se yahoo.dk yahoo.no yahoo.pl yahoo.gr yahoo.com.tr
yahoo.com.vn aol.com aol.de aol.fr aol.co.uk aim.com icloud.com me.com mac.com proton.me protonmail.com
protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com tutamail.com hey.com fastmail.com
fastmail.fm hushmail.com mailbox.org posteo.de posteo.net zoho.com zohomail.com zohomail.eu mail.com
email.com usa.com europe.com gmx.de gmx.net gmx.com gmx.at gmx.ch gmx.fr gmx.co.uk web.de freenet.de
t-online.de arcor.de 1und1.de online.de vodafone.de mail.de email.de kabelmail.de bluewin.ch hispeed.ch
sunrise.ch chello.at aon.at a1.net orange.fr wanadoo.fr free.fr sfr.fr laposte.net neuf.fr bbox.fr
club-internet.fr numericable.fr libero.it virgilio.it tiscali.it alice.it tin.it inwind.it iol.it
fastwebnet.it terra.es telefonica.net ono.com sapo.pt btinternet.com btopenworld.com virginmedia.com
ntlworld.com blueyonder.co.uk sky.com talktalk.net tiscali.co.uk eircom.net ziggo.nl kpnmail.nl
planet.nl xs4all.nl hetnet.nl home.nl telenet.be skynet.be proximus.be online.no telia.com telia.se
bredband.net comhem.se luukku.com suomi24.fi wp.pl o2.pl onet.pl onet.eu op.pl interia.pl interia.eu
gazeta.pl tlen.pl vp.pl poczta.onet.pl seznam.cz email.cz centrum.cz centrum.sk azet.sk post.cz volny.cz
freemail.hu citromail.hu abv.bg mail.bg otenet.gr mail.ru bk.ru list.ru inbox.ru internet.ru rambler.ru
yandex.ru yandex.com ya.ru ukr.net i.ua meta.ua inbox.lv qq.com foxmail.com vip.qq.com 163.com 126.com
yeah.net sina.com sina.cn sohu.com 139.com 189.cn aliyun.com tom.com naver.com daum.net hanmail.net
nate.com rediffmail.com indiatimes.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com bigpond.com
bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz comcast.net verizon.net att.net sbcglobal.net
bellsouth.net cox.net charter.net earthlink.net juno.com netzero.net optonline.net frontier.com
windstream.net roadrunner.com shaw.ca rogers.com sympatico.ca videotron.ca telus.net bol.com.br
uol.com.br terra.com.br ig.com.br globo.com prodigy.net.mx walla.co.il walla.com mynet.com webmail.co.za
mweb.co.za
"""

FREE_MAIL = frozenset(_FREE_MAIL.split())
DISPOSABLE = frozenset(blocklist) - FREE_MAIL
