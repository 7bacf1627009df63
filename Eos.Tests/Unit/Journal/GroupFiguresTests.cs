using Eos.Journal;

namespace Eos.Tests.Unit.Journal;

public sealed class GroupFiguresTests
{
    private readonly GroupFigures _figures = new();

    [Fact]
    public void Nothing_is_known_before_the_first_answer()
    {
        _figures.Began();
        Assert.Equal(new GroupFigures.Reading(1, 1, default, default, default, default, default, default), _figures.Read(Minute(9)));
    }

    [Fact]
    public void Times_are_summed_up_and_peaks_are_forgotten_minute_by_minute()
    {
        Did(30, Minute(10));
        Did(2, Minute(12));
        Did(4, Minute(12));
        Assert.Equal(Of(2, 12, 30, 4, 30, 30), _figures.Read(Minute(12)));
        Assert.Equal(Of(2, 12, 30, 0, 4, 30), _figures.Read(Minute(14)));
        Assert.Equal(Of(2, 12, 30, 0, 0, 4), _figures.Read(Minute(16)));
        Did(8, Minute(16));   // the place of minute 10
        Assert.Equal(Of(2, 11, 30, 8, 8, 8), _figures.Read(Minute(16)));
        Assert.Equal(Of(2, 11, 30, 0, 0, 0), _figures.Read(Minute(99)));
    }

    [Fact]
    public void What_is_pending_has_a_peak()
    {
        for (var i = 0; i < 3; i++) _figures.Began();
        _figures.Ended(TimeSpan.FromSeconds(1), Minute(1));
        _figures.Began();
        Assert.Equal((3L, 3L), (_figures.Read(Minute(1)).Pending, _figures.Read(Minute(1)).MostPending));
    }

    private void Did(int seconds, TimeSpan at)
    {
        _figures.Began();
        _figures.Ended(TimeSpan.FromSeconds(seconds), at);
    }

    private static GroupFigures.Reading Of(int least, int mean, int longest, int peak1, int peak2, int peak5) => new(
        0, 1, TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(mean), TimeSpan.FromSeconds(longest), TimeSpan.FromSeconds(peak1), TimeSpan.FromSeconds(peak2), TimeSpan.FromSeconds(peak5));

    private static TimeSpan Minute(int number) => TimeSpan.FromMinutes(number) + TimeSpan.FromSeconds(1);
}
