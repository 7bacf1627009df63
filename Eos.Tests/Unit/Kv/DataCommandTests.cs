using Eos.Kv;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Kv;

public class DataCommandTests
{
    private const string Clash = "-ERR Invalid argument: WRONGTYPE Operation against a key holding the wrong kind of value";
    private readonly KvBench _kv = new();

    [Fact]
    public void Strings() => _kv.Play($"""
        get a => nil
        set a 1 => +OK
        SET a '' => +OK
        get a => $
        set a x y => -ERR wrong number of arguments for 'set' command
        incr a => -ERR value is not an integer or out of range
        incr n => :1
        incrby n 9223372036854775806 => :9223372036854775807
        incr n => -ERR increment or decrement would overflow
        strlen n => :19
        decr n => :9223372036854775806
        decrby n 9223372036854775807 => :-1
        decrby n -9223372036854775808 => -ERR decrement would overflow
        decrby n x => -ERR value is not an integer or out of range
        raw-get-all-versions n => []
        hset h f v => :1
        mset b 1 h 2 => {Clash}
        mset b 1 c 2 => +OK
        mget b zz h c => [$1 nil nil $2]
        set h x => {Clash}
        nonsense => -ERR unknown command 'nonsense'
        """);

    [Fact]
    public void A_row_has_one_version_as_it_is_stored()
    {
        _kv.Do("set n -1");
        Assert.Equal("[$KEY: kn $VALUE: \u0001-1 $SEQUENCE: 0 $TYPE: 1]", _kv.Read("raw-get-all-versions kn"));
        Assert.Equal("[$kn $\u0001-1]", _kv.Read("raw-scan-tombstones"));
    }

    [Fact]
    public void Keys_of_any_type() => _kv.Play("""
        mset a 1 ab 2 b 3 => +OK
        hset h f v => :1
        exists a a zz h => :3
        type h => +hash
        type zz => +none
        keys a* => [$a $ab]
        keys [^a]* => [$b $h]
        scan 0 COUNT 2 => [$next:b [$a $ab]]
        scan next:b COUNT 2 => [$0 [$b $h]]
        scan 0 MATCH a? => [$0 [$ab]]
        scan 0 MATCH a* COUNT 1 => [$next:ab [$a]]
        scan next:ab MATCH a* COUNT 1 => [$0 [$ab]]
        scan x => -ERR invalid cursor
        scan 0 COUNT => -ERR syntax error
        scan 0 COUNT 0 => -ERR syntax error
        scan 0 COUNT -1 => -ERR syntax error
        scan 0 COUNT x => -ERR value is not an integer or out of range
        raw-scan ka COUNT 0 => -ERR syntax error
        del a h zz => :2
        hget h f => nil
        config_set k v => +OK
        config-getall => [$k $v]
        flushall => +OK
        keys * => []
        config-get k => $v
        """);

    [Fact]
    public void Hashes() => _kv.Play("""
        hset h b 1 => :1
        hset h b 2 => :0
        hset h a 1 c 3 => :2
        hset h a => -ERR wrong number of arguments for 'hset' command
        hmset h d 4 e 5 => +OK
        hsetnx h a 9 => :0
        hget h a => $1
        hmget h a zz c => [$1 nil $3]
        hexists h zz => :0
        hlen h => :5
        hkeys h => [$a $b $c $d $e]
        hvals h => [$1 $2 $3 $4 $5]
        hdel h d e zz => :2
        hgetall h => [$a $1 $b $2 $c $3]
        hscan h 0 COUNT 2 => [$next:c [$a $1 $b $2]]
        hscan h next:c => [$0 [$c $3]]
        hincrby h a 4 => :5
        hincrby h a x => -ERR Invalid argument: value is not an integer or out of range
        hset h s text => :1
        hincrby h s 1 => -ERR Invalid argument: hash value is not an integer
        hincrbyfloat h f 1.5 => $1.500000
        hincrbyfloat h s 1 => -ERR Invalid argument: hash value is not a float
        hincrbymulti h a 1 g b 2 h s 1 => :8
        hclone h copy => +OK
        hgetall copy => [$a $6 $b $2 $c $3 $f $1.500000 $s $text]
        hclone none other => +OK
        hclone none h => -ERR Invalid argument: ERR target key already exists, will not overwrite
        exists other => :0
        hdel copy a b c f s => :5
        type copy => +none
        """);

    [Fact]
    public void Sets() => _kv.Play($"""
        sadd s b a b => :2
        sadd s a => :0
        smembers s => [$a $b]
        sismember s a => :1
        scard s => :2
        smove s t a => :1
        smove s t zz => :0
        smembers t => [$a]
        smove s s b => :1
        smembers s => [$b]
        sscan s 0 => [$0 [$b]]
        hget s b => {Clash}
        srem s b b => :1
        type s => +none
        """);

    [Fact]
    public void Deques()
    {
        _kv.Play("""
            deque-push-back d c d => :2
            deque-push-front d b a => :4
            deque_len d => :4
            deque-pop-front d => $a
            deque-pop-back d => $d
            deque-scan-back d 0 => [$0 [$b $c]]
            deque-scan-back none 0 => [$0 []]
            deque-trim-front d 1 => :1
            deque-trim-front d -1 => -ERR Invalid argument: value is not an integer or out of range
            deque-pop-back d => $c
            deque-pop-back d => nil
            type d => +none
            deque-push-back d 1 2 3 => :3
            """);
        var page = Assert.IsType<Reply.ArrayValue>(_kv.ReadReply(KvBench.Words("deque-scan-back d 0 COUNT 2")));
        Assert.Equal("[$2 $3]", page.Items[1].ToString());
        var cursor = ((Reply.BulkString)page.Items[0]).Value;
        var next = new Request([.. KvBench.Words("deque-scan-back d").Words, cursor]);
        Assert.Equal("[$0 [$1]]", _kv.ReadReply(next).ToString());
        foreach (var outside in new ulong[] { 0, ulong.MaxValue })
        {
            byte[] far = [.. "next:"u8, .. Keys.Number(outside)];
            next = new Request([.. KvBench.Words("deque-scan-back d").Words, far, .. KvBench.Words("COUNT 2").Words]);
            Assert.EndsWith(outside == 0 ? "[$0 []]" : "[$2 $3]]", _kv.ReadReply(next).ToString());
        }
        _kv.Play("deque-clear d => :3");
    }

    [Fact]
    public void A_field_that_is_not_there_is_not_converted() => Assert.Equal("-ERR NotFound: ", _kv.Do("convert-hash-field-to-lhash h zz l f7 h5"));

    [Fact]
    public void Locality_hashes() => _kv.Play("""
        lhset l f2 h1 v2 => :1
        lhset l f1 h2 v1 => :1
        lhset l f1 h0 v1b => :0
        lhmset l f3 h1 v3 f4 h9 v4 => +OK
        lhget l f1 => $v1b
        lhget l f1 wrong => $v1b
        lhlen l => :4
        lhscan l 0 => [$0 [$h0 $f1 $v1b $h1 $f2 $v2 $h1 $f3 $v3 $h9 $f4 $v4]]
        lhscan l 0 MATCHLOC h1 => [$0 [$h1 $f2 $v2 $h1 $f3 $v3]]
        lhlocdel l f4 h1 => :0
        lhlocdel l f4 h9 => :1
        lhdel l f3 zz => :1
        hset h f9 old => :1
        lhget-with-fallback l f9 h => $old
        lhget-with-fallback l f1 h0 h => $v1b
        lhset-and-del-fallback l f9 h3 new h => :1
        exists h => :0
        hset h f9 old g x => :2
        lhdel-with-fallback l f9 h => :1
        hget h f9 => $old
        lhdel-with-fallback l f9 h => :1
        lhdel-with-fallback l f9 h => :0
        convert-hash-field-to-lhash h g l f1 h5 => -ERR Destination field already exists!
        convert-hash-field-to-lhash h zz l f1 h5 => -ERR Destination field already exists!
        convert-hash-field-to-lhash h g l f7 h5 => +OK
        lhget l f7 => $x
        del l => :1
        lhget l f1 => nil
        """);

    [Fact]
    public void Cursors_of_locality_hashes_are_hint_and_field() => _kv.Play("""
        lhmset l f1 hint1 v1 f2 a#|b v2 f3 hint3 v3 => +OK
        lhscan l 0 COUNT 1 => [$next:hint1##f1 [$a#|b $f2 $v2]]
        lhscan l next:a|#||b##f2 COUNT 1 => [$next:hint1##f1 [$a#|b $f2 $v2]]
        lhscan l next:hint1##f1 COUNT 1 => [$next:hint3##f3 [$hint1 $f1 $v1]]
        lhscan l next:hint3##f3 => [$0 [$hint3 $f3 $v3]]
        lhscan l next:hint3## => [$0 [$hint3 $f3 $v3]]
        lhscan l next:hint4## => [$0 []]
        """);

    [Fact]
    public void Versioned_hashes_move_once_a_transaction_and_tell_it()
    {
        _kv.Play("""
            vhset v a 1 => :1
            vhset v b 2 => :2
            vhdel v zz => :2
            vhgetall v => [:2 [$a $1 $b $2]]
            """);
        var outcome = _kv.Apply(KvBench.Together("vhset v c 3", "vhdel v a b", "vhset v c 4"));
        Assert.Equal([":3", ":3", ":3"], outcome.Replies.Select(r => r.ToString()));
        Assert.Equal("__vhash@v [:3 [$a $ $b $ $c $4]]", outcome.Published.Select(p => $"{p.Channel} {p.Payload}").Single());
        _kv.Play("""
            vhdel v c => :4
            vhlen v => :0
            vhgetall v => [:4 []]
            vhgetall none => [:0 []]
            """);
    }

    [Fact]
    public void Leases_end_in_log_time()
    {
        _kv.Play("""
            set s x => +OK
            lease-acquire s A 1000 => -ERR Invalid Argument: WRONGTYPE Operation against a key holding the wrong kind of value
            lease-release s => -ERR Invalid argument: WRONGTYPE Operation against a key holding the wrong kind of value
            lease-acquire l A 1000 => +ACQUIRED
            lease-acquire l A 2000 => +RENEWED
            lease-acquire l B 1000 => -ERR lease held by 'A', time remaining 2000 ms
            lease-get l => [+HOLDER: A +REMAINING: 2000 ms]
            lease-get-pending-expiration-events => [$STATIC-CLOCK: 1000 $DYNAMIC-CLOCK: 1000 $3000: l]
            type l => +lease
            """);
        _kv.Now = TimeSpan.FromMilliseconds(2999);
        _kv.Play("lease-acquire l B 1000 => -ERR lease held by 'A', time remaining 1 ms");
        _kv.Restart();
        _kv.Now = TimeSpan.FromMilliseconds(3000);
        _kv.Play("""
            lease-get l => nil
            lease-acquire l B 1000 => +ACQUIRED
            lease-release l => +OK
            lease-release l => nil
            lease-acquire l B 0 => -ERR value is not an integer or out of range
            clock-get => [+STATIC-CLOCK: 3000 +DYNAMIC-CLOCK: 3000]
            """);
    }

    [Fact]
    public void A_read_changes_nothing_and_a_write_is_no_read()
    {
        _kv.Do("set a 1");
        var mark = _kv.Machine.Mark;
        Assert.Equal("$1", _kv.Read("get a"));
        Assert.StartsWith("-ERR", _kv.Read("set a 2"), StringComparison.Ordinal);
        Assert.Equal(mark, _kv.Machine.Mark);
    }

    [Fact]
    public void An_entry_is_applied_once() =>
        Assert.Throws<InvalidOperationException>(() => _kv.Machine.Apply(default, _kv.Now, KvBench.Together("get a")));
}
